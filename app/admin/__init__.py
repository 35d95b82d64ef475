"""What admins decide: awards and certificates."""
