"""Pages that read the trail. Above ``accounts``, which ``audit`` cannot know: accounts writes into the trail."""
