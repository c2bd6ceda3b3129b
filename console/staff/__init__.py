"""What everybody sees who works for the business."""
