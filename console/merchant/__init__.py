"""What owners and managers see."""
