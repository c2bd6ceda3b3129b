"""Pages of the hosts of the platform itself, which belong to no business."""
