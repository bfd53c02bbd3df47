-- Rooms above hand work to people; they have to see who is no longer there to do it.
CREATE OR REPLACE VIEW identity.v_account AS
SELECT account_id, kind, name, organisation_id, suspended_at IS NULL AS working FROM identity.account;
