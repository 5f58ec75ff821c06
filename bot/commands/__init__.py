"""What can be said after `/incident`: one module per verb."""
