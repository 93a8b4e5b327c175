"""The pages of the bar at the top: address, label, and the permission that shows it."""

from api.access.permissions import Permission

MENU: tuple[tuple[str, str, Permission], ...] = (
    ("/users", "Users", "users.manage"),
    ("/clients", "API clients", "clients.manage"),
)
