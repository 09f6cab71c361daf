"""The yardstick of the machine itself."""

from bench.registry import figure
from bench.workbench import CALIBRATION_STEPS, Measured, Workbench, calibrate


@figure("calibration", about=f"{CALIBRATION_STEPS:,} steps of integer arithmetic", group="machine")
def calibration(bench: Workbench) -> Measured:
    """The same work on every machine and in every run; other figures are read relative to it."""
    cpu_ms = calibrate()
    return Measured(cpu_ms, cpu_ms, runs=5)
