-- Up Migration

-- Most calls are for one agent and take longer to plan than to run. One plan fits many agents too: each step looks up by
-- the agents' keys.
alter function refresh_candidates(text[]) set plan_cache_mode = force_generic_plan;
