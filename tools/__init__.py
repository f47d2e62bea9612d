"""What examines the project; part of neither the bot nor its image."""
