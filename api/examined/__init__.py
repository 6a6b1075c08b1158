"""What is examined of a deployment: each check looks at one thing, and says whether it is safe."""
