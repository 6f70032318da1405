-- Grain: one row per segment: what its file and its YAML say. The first to read them all, so a mistake in any stops the build here.
{{ cdp.segment_definitions() }}
