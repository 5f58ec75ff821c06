"""What a workspace holds, and the operations that change it, whoever performs them."""
