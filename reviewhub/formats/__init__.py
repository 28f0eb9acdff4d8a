"""How Django itself writes moments in the office, where no filter of ours does: `|utc`."""
