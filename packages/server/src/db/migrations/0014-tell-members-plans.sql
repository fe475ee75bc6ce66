-- As write_messages has it: a plan that was made while a table was empty must not read it from end to end later.
ALTER FUNCTION tell_members(bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], integer, integer)
  SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off;
