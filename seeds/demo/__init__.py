"""The demo company: eight systems' files about people whom we made up, and the truth about who is who, kept apart."""
