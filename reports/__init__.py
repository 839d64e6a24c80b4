"""TELLS: verdicts, comparisons, tables and pages, from run folders alone.

Where to find what::

    what is kept        run_folder, store, facts
    what is judged      criteria, evidence, validity, chance, holding -> verdict; cause; decision
    what is compared    comparison, findings; mixture (launches of different fates)
    everything together report, rebuild
      for programs      record, explanation_record, junit
      for a terminal    table, prediction, shown, explanation, story, remedy_text, stress_text,
                        words, answer_words; terminal_chart, demand_chart, launch_list
      for a browser     page, instrument_table, method_table, markdown
      to look at        charts, series, over_time, latency_chart, fate_chart, stations_chart,
                        picture, drawing, palette
"""
