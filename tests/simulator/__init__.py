"""An office lived through on a hand-set clock, with faults put into it and the alarms they must raise."""
