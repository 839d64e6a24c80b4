"""DECIDES: the models that predict a launch. Pure: no socket, no clock, no global randomness.

Where to find what, in the order in which a launch goes through it (``*``: a family of modules)::

    what a file says    words, terms, *_words; schema, meant
      read and checked  toml_reading, scenario, overlay, examination, mistakes, names, sense,
                        recorded, since_*, files, named_files, temporary, provenance,
                        quantities, numerals, errors
      written           toml_text, commented; likeness and scale for a launch like another one
    what it means       meaning, *_meaning, levers, groups, grace, window -> resolve -> plan
      to an engine      system, system_*, duration
    who comes           surge, surge_*, distribution, volume -> demand, peaks; fit, counted, published
    luck                draws, timetable, block_counts
    what happens        engine (the rules in words); readable, readable_* (SimPy, the definition);
                        compiled, compiled_* (numba; compiled_fifo* where no events are needed)
      as rows           outcomes; agreement of engines; instrument and answered (of a replay)
      as counts         layout, bins, tracks, groups_of_people, durations, histogram, summary,
                        figures,
                        figures_of_stations, figures_of_people, all_figures
      of many launches  launches, intervals; effort
    why                 capacity, crowd, trouble, deadlock, ending -> diagnosis
      what would help   tweak, sizing, candidates, remedy, prescription; toll (what it costs)
      disturbed         trigger, stress, reaction
    what is always true invariants, invariants_*, offenders, sample_path, spacing, checked
    in a planner's words said, synopsis, predicted_only
"""
