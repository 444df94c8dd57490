"""Poverty, multidimensional and survey statistics: estimates from a sample or a register, with honest intervals.

A measure is worked out in two halves. What it says of the rows, and by how much each row moves it (``Measured``), is
the measure's own business; how far the sample may have been off is the design's (strata, clusters, weights), which
needs nothing of a measure but that influence.

What there is, by subject; each name is imported from its module:

* a file of requests, as ``jingzhun measure`` answers it: ``answering.answer_request``
* the sample: ``design.survey_design``, ``unequal.Unequal``; drawing one: ``selection.systematic_pps``,
  ``selection.simple_random``
* means, totals, ratios: ``estimate.mean``, ``total``, ``ratio``; many domains at once: ``domains.domain_estimates``;
  two years: ``changes.changed``
* errors: ``estimate.estimated`` from an influence, ``bootstrap.bootstrapped`` of a measure that has none,
  ``variance.covariance_of_totals`` for contrasts; shares near 0 or 1: ``intervals.proportion_estimate``
* quantiles: ``quantiles.quantile``, ``quantile_estimate.quantile_estimate``
* poverty and inequality: ``poverty.fgt``, ``poverty_gap``, ``watts``, ``at_risk_rate``, ``median_of_poor``,
  ``relative_median_gap`` with their lines; ``inequality.gini``, ``quintile_share_ratio``, ``mean_log_deviation``
* multidimensional poverty: ``deprivation.profile``, ``alkire_foster``, ``m_alpha``; a whole
  table: ``deprivation_counts.count_deprivations``
* targeting: ``targeting.exclusion_error``, ``inclusion_error``, ``leakage``, ``incidence``; a transfer:
  ``targeting.simulate``; a score instead of income: ``targeting.proxy_means_test``; another rule: ``what_if.what_if``
* small areas: ``small_area.fay_herriot``

Whatever cannot be measured raises ``NotMeasurable``, with the argument, the rows and what to do.
"""

from jingzhun.measurement.fault import NotMeasurable

__all__ = ["NotMeasurable"]
