-- Who may do what where, for rooms that must know whether anybody can: a case is not given to an office in which nobody may work on it.
CREATE VIEW identity.v_mandate AS
SELECT x.account_id, p.permission, x.organisation_id AS scope_id, a.organisation_id AS home_id, x.begins_at, x.ends_at
FROM identity.assignment x
JOIN identity.account a ON a.account_id = x.account_id AND a.suspended_at IS NULL
JOIN identity.role_permission p ON p.role_id = x.role_id
WHERE x.withdrawn_at IS NULL;
