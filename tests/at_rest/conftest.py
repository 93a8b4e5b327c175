from sealed_home import folder, home, office, own_environment, worked  # noqa: F401 - fixtures
