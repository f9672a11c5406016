"""Takes what was made for an auditor; gives what somebody else may see of it."""
