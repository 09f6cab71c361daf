"""Bank statements: one neutral shape, its readers (camt, MT940), and the proof that it adds up."""
