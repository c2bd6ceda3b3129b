"""Writes: one file a deed, one public function of the same name."""
