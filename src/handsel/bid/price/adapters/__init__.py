"""What this room does for rooms before it, through their ports."""
