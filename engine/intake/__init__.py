"""Takes files, folders, frames and what declares their fields; gives typed rows, and each rejected row with why."""
