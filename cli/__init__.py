"""Takes what a person types; gives the command `tally`: it calls the other rooms and draws what they give."""
