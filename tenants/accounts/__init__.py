"""People who sign in with a password: operators in `public`, owners and managers in a business."""
