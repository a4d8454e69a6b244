"""Questions in Discord messages: filtering, answering, threads."""
