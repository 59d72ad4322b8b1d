"""The tests, a folder for each room of the project; `project` holds its rules about itself."""
