-- A room may be named after a standard that has a number in its name, as open311 is, and its permissions begin with its name.
ALTER TABLE identity.role_permission DROP CONSTRAINT role_permission_permission_check;
ALTER TABLE identity.role_permission ADD CONSTRAINT role_permission_permission_check
    CHECK (permission ~ '^[a-z_][a-z0-9_]*(\.[a-z0-9_]+)+$');
