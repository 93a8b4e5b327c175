"""Who may do what: identities, roles, and the permission each route names."""
