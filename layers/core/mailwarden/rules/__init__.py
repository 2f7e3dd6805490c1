"""Every rule, in the order of the mail path; each is one file and one value."""

from mailwarden.domain.monitoring.monitoring import BudgetReading, OtherRegions, RegionTrails, SettingsReading
from mailwarden.domain.operator.sample import SampleOrder
from mailwarden.rules.account import (
    mw501_ses_sandbox,
    mw502_sending_paused,
    mw503_ses_under_review,
    mw504_ses_quota_nearly_used,
)
from mailwarden.rules.authorization import (
    mw401_no_sending_grant,
    mw402_sending_denied,
    mw403_wrong_cognito_principal,
    mw404_unconditioned_cognito_trust,
    mw405_grant_to_outsiders,
    mw406_statement_for_a_gone_pool,
    mw407_grant_undecidable,
    mw408_half_a_grant,
    mw409_service_linked_role_missing,
    mw410_policies_nearly_full,
)
from mailwarden.rules.configuration_set import (
    mw601_configuration_set_missing,
    mw602_configuration_set_sending_disabled,
    mw603_no_configuration_set,
    mw604_no_feedback_destination,
    mw605_tls_optional,
    mw606_dedicated_ip_pool_missing,
)
from mailwarden.rules.feedback import (
    mw701_account_suppression_off,
    mw702_suppression_overridden_off,
    mw703_bounce_rate_rising,
    mw704_complaint_rate_rising,
    mw705_suppression_list_growing,
    mw706_bounces_of_one_pool,
    mw707_ses_notice_open,
)
from mailwarden.rules.identity import (
    mw301_identity_missing,
    mw302_identity_not_verified,
    mw303_dkim_failing,
    mw304_mail_from_failing,
    mw305_address_identity,
)
from mailwarden.rules.monitoring import (
    mw900_sample_alert,
    mw901_no_trail_delivers_events,
    mw902_change_that_no_event_announced,
    mw903_two_actors_fight,
    mw904_settings_unreadable,
    mw905_members_unknown_to_the_sdk,
    mw906_write_overlapped,
    mw907_unreadable_pool_tag,
    mw908_unreadable_identity_tag,
    mw909_repairs_wait_for_budget,
    mw910_pools_in_other_regions,
    mw911_identity_in_an_unwatched_region,
    mw912_pool_exemption_ends,
    mw913_identity_exemption_ends,
)
from mailwarden.rules.monitoring_rule import MonitoringRule
from mailwarden.rules.region import (
    mw201_ses_region_not_allowed,
    mw202_ses_region_unknown,
    mw203_remote_ses_region,
    mw204_one_of_two_ses_regions,
)
from mailwarden.rules.rule import Rule
from mailwarden.rules.runtime import (
    mw801_cognito_reports_delivery_failures,
    mw802_daily_limit_reached,
)
from mailwarden.rules.sender import (
    mw101_default_sender_in_use,
    mw102_developer_without_identity,
    mw103_identity_of_another_account,
    mw104_from_outside_the_identity,
    mw105_domain_without_from,
    mw106_address_of_a_verified_domain,
    mw107_malformed_sender_address,
    mw108_sender_reset,
    mw109_mail_factors_on_the_default_sender,
    mw110_custom_sender_lambda,
    mw111_no_domain_for_links,
    mw112_sender_of_threat_notices,
    mw113_custom_sender_unreachable,
    mw114_unknown_sending_account,
)
from mailwarden.rules.verification import (
    mw115_verification_lost,
    mw116_message_without_code,
    mw117_notices_sender_lost,
)

__all__ = [
    "ALL",
    "BUDGET_RULE",
    "REGIONS_RULE",
    "SAMPLE_RULE",
    "SDK_RULE",
    "SETTINGS_RULE",
    "TRAIL_RULE",
    "MonitoringRule",
    "Rule",
    "every_rule",
]

ALL: tuple[Rule, ...] = (
    mw101_default_sender_in_use.RULE,
    mw102_developer_without_identity.RULE,
    mw103_identity_of_another_account.RULE,
    mw104_from_outside_the_identity.RULE,
    mw105_domain_without_from.RULE,
    mw106_address_of_a_verified_domain.RULE,
    mw107_malformed_sender_address.RULE,
    mw108_sender_reset.RULE,
    mw109_mail_factors_on_the_default_sender.RULE,
    mw110_custom_sender_lambda.RULE,
    mw111_no_domain_for_links.RULE,
    mw112_sender_of_threat_notices.RULE,
    mw113_custom_sender_unreachable.RULE,
    mw114_unknown_sending_account.RULE,
    mw115_verification_lost.RULE,
    mw116_message_without_code.RULE,
    mw117_notices_sender_lost.RULE,
    mw201_ses_region_not_allowed.RULE,
    mw202_ses_region_unknown.RULE,
    mw203_remote_ses_region.RULE,
    mw204_one_of_two_ses_regions.RULE,
    mw301_identity_missing.RULE,
    mw302_identity_not_verified.RULE,
    mw303_dkim_failing.RULE,
    mw304_mail_from_failing.RULE,
    mw305_address_identity.RULE,
    mw401_no_sending_grant.RULE,
    mw402_sending_denied.RULE,
    mw403_wrong_cognito_principal.RULE,
    mw404_unconditioned_cognito_trust.RULE,
    mw405_grant_to_outsiders.RULE,
    mw406_statement_for_a_gone_pool.RULE,
    mw407_grant_undecidable.RULE,
    mw408_half_a_grant.RULE,
    mw409_service_linked_role_missing.RULE,
    mw410_policies_nearly_full.RULE,
    mw501_ses_sandbox.RULE,
    mw502_sending_paused.RULE,
    mw503_ses_under_review.RULE,
    mw504_ses_quota_nearly_used.RULE,
    mw601_configuration_set_missing.RULE,
    mw602_configuration_set_sending_disabled.RULE,
    mw603_no_configuration_set.RULE,
    mw604_no_feedback_destination.RULE,
    mw605_tls_optional.RULE,
    mw606_dedicated_ip_pool_missing.RULE,
    mw701_account_suppression_off.RULE,
    mw702_suppression_overridden_off.RULE,
    mw703_bounce_rate_rising.RULE,
    mw704_complaint_rate_rising.RULE,
    mw705_suppression_list_growing.RULE,
    mw706_bounces_of_one_pool.RULE,
    mw707_ses_notice_open.RULE,
    mw801_cognito_reports_delivery_failures.RULE,
    mw802_daily_limit_reached.RULE,
    mw902_change_that_no_event_announced.RULE,
    mw903_two_actors_fight.RULE,
    mw905_members_unknown_to_the_sdk.RULE,
    mw906_write_overlapped.RULE,
    mw907_unreadable_pool_tag.RULE,
    mw908_unreadable_identity_tag.RULE,
    mw911_identity_in_an_unwatched_region.RULE,
    mw912_pool_exemption_ends.RULE,
    mw913_identity_exemption_ends.RULE,
)

# What the watch itself rests on is judged by the sweep, not with each pool.
TRAIL_RULE = mw901_no_trail_delivers_events.RULE
SETTINGS_RULE = mw904_settings_unreadable.RULE
BUDGET_RULE = mw909_repairs_wait_for_budget.RULE
REGIONS_RULE = mw910_pools_in_other_regions.RULE
# Judged with each pool, and an alarm of its own: only a newer version of Mailwarden ends it.
SDK_RULE = mw905_members_unknown_to_the_sdk.RULE
# Its alert is sent when an operator orders it.
SAMPLE_RULE = mw900_sample_alert.RULE


type AnyRule = (
    Rule
    | MonitoringRule[RegionTrails]
    | MonitoringRule[SettingsReading]
    | MonitoringRule[BudgetReading]
    | MonitoringRule[OtherRegions]
    | MonitoringRule[SampleOrder]
)


def every_rule() -> tuple[AnyRule, ...]:
    """Every rule of either kind, in the order of the ids: what the documentation lists."""
    return tuple(
        sorted((*ALL, SAMPLE_RULE, TRAIL_RULE, SETTINGS_RULE, BUDGET_RULE, REGIONS_RULE), key=lambda rule: rule.rule_id)
    )
