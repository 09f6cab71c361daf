"""Who must be asked before an offer may go out, reckoned purely: no database, no clock.

Read in this order: `line_facts` · `facts` (what is known about an offer) · `grammar` (conditions as
data) · `evaluate` (which limits a state of the offer breaks) · `people` (who can answer for whom) ·
`envelope` (what was allowed already) · `plan` (who will be asked) · `gate` (the same in short) ·
`nearest` (the smallest change that needs nobody) · `hours` (working time).
"""
