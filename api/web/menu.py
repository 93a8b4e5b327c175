"""The pages of the bar at the top: address, label, and the permission that shows it."""

from api.access.permissions import Permission

MENU: tuple[tuple[str, str, Permission], ...] = (
    ("/queue", "Queue", "denials.read"),
    ("/dashboard", "Dashboard", "dashboard.read"),
    ("/series", "Series", "denials.read"),
    ("/rules", "Rules", "rules.read"),
    ("/outbox", "Outbox", "sends.read"),
    ("/users", "Users", "users.manage"),
    ("/clients", "API clients", "clients.manage"),
    ("/webhooks", "Webhooks", "webhooks.manage"),
    ("/audit", "Audit trail", "audit.read"),
)
