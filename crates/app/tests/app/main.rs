//! The application over a real store, on SQLite and on PostgreSQL: what holds on one holds on the other.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod access;
mod clocks;
mod complete;
mod every;
mod failures;
mod issued;
mod kit;
mod later;
mod life;
mod log;
mod money;
mod papers;
mod particulars;
mod penalty;
mod penalty_beside;
mod publicity;
mod registers;
mod related;
mod replicas;
mod spots;
mod worded;

/// Runs each test on each engine.
macro_rules! on_both_engines {
    ($($module:ident :: $name:ident;)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                lianzhi_testkit::run(lianzhi_testkit::Place::sqlite(), crate::$module::$name).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                lianzhi_testkit::run(lianzhi_testkit::Place::postgres().await, crate::$module::$name).await;
            })*
        }
    };
}

on_both_engines! {
    life::a_report_goes_from_intake_to_a_named_officer_to_a_closed_provable_file;
    life::the_same_key_gives_the_same_answer_and_other_words_under_it_are_refused;
    life::whoever_saw_an_older_record_is_told_so;
    life::what_is_refused_leaves_nothing;
    life::what_is_split_off_is_a_matter_of_its_own_in_the_same_moment;
    life::closing_a_lead_closes_nothing_that_is_joined_to_it;
    life::nothing_is_joined_to_itself_or_to_what_one_may_not_see;
    life::a_hundred_reports_at_once_are_shared_out_evenly;
    life::a_likely_repeat_is_proposed;
    life::search_finds_substrings_and_nothing_else;
    clocks::each_warning_once_over_restarts_and_with_the_clock_put_back;
    clocks::nobody_accepts_the_leader_is_told_and_it_goes_to_somebody_else;
    clocks::a_provisional_term_is_computed_anew_in_the_record_when_the_schedule_is_put;
    clocks::law_data_that_does_not_read_changes_nothing;
    failures::a_batch_that_fails_is_decided_again_with_all_that_was_decided_on_it;
    failures::what_was_written_though_the_store_said_no_does_not_happen_twice;
    failures::on_a_full_disk_everybody_is_told_and_nothing_is_half_there;
    failures::a_register_that_changes_holds_for_what_is_decided_after_it;
    penalty::a_case_goes_from_a_report_to_the_archive_and_is_the_same_made_anew;
    penalty::a_heavy_case_is_decided_after_hearing_review_and_discussion;
    penalty::the_same_act_is_not_fined_twice;
    penalty::a_party_that_is_split_off_goes_on_in_a_case_of_its_own;
    later::what_fell_against_one_of_several_goes_on_in_a_case_of_its_own;
    later::a_case_is_taken_out_of_the_archive_and_its_volume_stays_as_it_was;
    penalty::cases_are_found_by_officer_and_item_with_what_is_missing;
    penalty::who_a_party_is_is_told_with_a_reason_and_a_line;
    penalty::who_is_asked_for_an_opinion_reads_that_case_and_no_other_while_asked;
    penalty::case_lines_that_are_not_what_the_record_says_are_found;
    penalty::what_the_clocks_ask_for_is_done_once;
    related::a_dispute_names_the_filing_of_its_case_and_each_shows_the_other;
    related::a_letter_names_no_matter_that_is_not_here;
    related::a_report_and_its_case_show_the_letters_over_it_and_they_show_it;
    penalty_beside::a_case_that_is_joined_brings_its_parties_violations_and_evidence;
    penalty_beside::a_fine_for_further_days_is_a_case_of_its_own_with_its_arithmetic;
    penalty_beside::what_is_with_the_police_and_what_was_objected_to_is_listed;
    penalty_beside::a_case_in_the_archive_that_falls_has_its_clock_again;
    complete::a_party_is_completed_before_its_papers_are_signed_and_served;
    complete::hearings_stand_in_a_calendar_with_day_place_and_who_presides;
    complete::a_decision_on_the_spot_asks_for_the_address_and_has_a_code_to_pay_by;
    papers::every_paper_of_a_case_is_printed_from_its_data_and_says_what_it_lacks;
    papers::a_paper_that_was_served_is_printed_again_byte_by_byte;
    papers::where_the_calendar_is_not_published_the_statute_speaks;
    papers::the_file_is_bound_with_what_can_be_bound_and_names_the_rest;
    papers::each_party_of_a_paper_has_its_own_copy_printed_scanned_and_bound;
    papers::a_record_that_all_signed_is_kept_as_it_was_signed;
    papers::a_file_in_the_archive_is_printed_as_it_went_there;
    publicity::a_decision_is_published_for_its_time_and_withdrawn_with_its_reason;
    publicity::a_decision_leaves_the_list_when_its_time_of_publication_is_over;
    publicity::a_paper_is_checked_by_its_code_and_its_file;
    publicity::every_number_of_the_yearly_report_leads_to_its_matters;
    money::the_banks_file_reaches_its_cases_once_and_loses_nothing;
    money::a_payment_that_was_typed_before_is_not_registered_again;
    money::things_are_found_by_state_shelf_and_term_and_counted;
    spots::a_decision_on_the_spot_is_kept_provable_and_the_same_made_anew;
    spots::what_a_party_got_before_counts_wherever_it_got_it;
    spots::disputed_facts_become_a_case_with_all_that_was_entered;
    spots::a_slip_is_of_one_party_comes_back_and_hands_on_its_day_and_files;
    spots::a_spot_decision_under_review_is_listed_with_what_is_at_court_and_what_mends_it_is_printed;
    issued::an_application_to_the_court_is_kept_as_it_was_handed_in;
    issued::what_comes_after_a_decision_bears_its_number_and_is_printed_the_same_for_ever;
    issued::a_signed_paper_is_sealed_at_once_and_what_the_service_missed_waits;
    issued::a_decision_on_the_spot_is_signed_on_the_screen_and_printed_the_same_for_ever;
    issued::a_slip_is_printed_the_same_for_ever_and_checked;
    registers::two_who_put_the_same_key_first_make_one_record_and_a_change;
    registers::the_first_two_on_duty_stand_in_one_book;
    registers::who_is_on_duty_is_known_after_a_restart_however_many_units_there_are;
    particulars::particulars_are_nowhere_in_plain;
    particulars::every_look_at_a_contact_has_its_line;
    particulars::what_is_erased_is_gone_and_the_record_still_folds;
    particulars::an_erasure_reaches_what_was_split_off;
    particulars::a_hundred_texts_are_all_found_and_all_erased;
    particulars::only_parts_of_the_matter_itself_are_erased_through_it;
    access::five_wrong_passwords_and_the_account_rests;
    access::sessions_end_unused_and_at_all;
    access::a_code_of_the_second_factor_works_once_and_cannot_be_guessed_at;
    access::a_token_reaches_as_far_as_its_scopes_and_as_long_as_it_lives;
    log::one_look_signs_all_new_entries;
    log::entries_prove_that_they_are_in_the_signed_tree;
    log::tiles_give_the_signed_root_and_grow_consistently;
    log::the_log_opens_without_its_file_of_tiles_and_with_a_wrong_one;
}
