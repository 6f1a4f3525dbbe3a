//! One suite for both engines. A rule that holds on one holds on the other.
//!
//! PostgreSQL is found at `LIANZHI_TEST_POSTGRES`, at the local socket or on 127.0.0.1; each test makes a schema of its
//! own and drops it. Where there is none the suite fails: an engine that was not tested is not supported.

#![expect(clippy::unwrap_used, reason = "a test stops where something is not as it should be")]

#[path = "conformance/accounts.rs"]
mod accounts;
#[path = "conformance/books.rs"]
mod books;
#[path = "conformance/case_lines.rs"]
mod case_lines;
#[path = "conformance/exchange.rs"]
mod exchange;
#[path = "conformance/files.rs"]
mod files;
#[path = "conformance/journal.rs"]
mod journal;
#[path = "conformance/lists.rs"]
mod lists;
#[path = "conformance/oversight.rs"]
mod oversight;
#[path = "conformance/place.rs"]
mod place;
#[path = "conformance/search.rs"]
mod search;
#[path = "conformance/upkeep.rs"]
mod upkeep;

/// Runs each test with exhibits in a bucket.
macro_rules! in_a_bucket {
    ($($module:ident :: $name:ident;)*) => {
        mod bucket {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let place = crate::place::Place::sqlite().with_bucket(env!("CARGO_TARGET_TMPDIR").as_ref());
                lianzhi_testkit::run(place, crate::$module::$name).await;
            })*
        }
    };
}

/// Runs each test on each engine.
macro_rules! on_both_engines {
    ($($module:ident :: $name:ident;)*) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                lianzhi_testkit::run(crate::place::Place::sqlite(), crate::$module::$name).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                lianzhi_testkit::run(crate::place::Place::postgres().await, crate::$module::$name).await;
            })*
        }
    };
}

on_both_engines! {
    books::the_books_are_summed_by_day_and_replaced_with_their_matter;
    books::things_are_found_by_state_unit_shelf_and_term;
    books::numbers_are_counted_by_series_and_replaced_with_their_matter;
    case_lines::lines_are_replaced_with_their_case_and_seen_as_its_row_is;
    journal::a_new_store_is_empty_and_opens_again;
    journal::what_is_committed_comes_back_exactly;
    journal::a_batch_on_an_old_head_is_refused;
    journal::two_stores_on_one_database_lose_nothing;
    journal::a_batch_that_fails_half_way_leaves_nothing;
    journal::a_batch_that_does_not_continue_the_log_is_refused;
    journal::todos_are_replaced_with_their_matter;
    journal::kept_answers_stay_as_first_given;
    journal::old_answers_are_forgotten;
    journal::checkpoints_are_found_by_size;
    journal::projections_can_be_cleared_and_made_again;
    journal::the_narrow_reads_give_what_they_say;
    journal::erasing_leaves_nothing;
    exchange::what_was_said_comes_back_exactly;
    exchange::one_place_in_a_stream_is_taken_once;
    exchange::what_waits_is_tried_until_its_receipt_is_here;
    exchange::files_of_others_are_wanted_until_they_are_here;
    exchange::peers_witnesses_and_evidence_are_kept;
    exchange::the_last_answer_of_a_member_about_an_item_is_kept;
    exchange::what_is_not_understood_is_kept_aside;
    exchange::a_wanted_file_that_is_here_is_cited_by_its_docket;
    exchange::shared_dockets_are_named_page_by_page;
    exchange::logs_are_found_by_the_beginning_of_their_origin;
    exchange::a_docket_of_many_long_streams_has_one_head_for_each;
    exchange::what_was_kept_aside_takes_its_own_place_once_it_is_understood;
    exchange::entries_that_are_not_here_are_named;
    exchange::one_replica_leads_until_it_lets_go;
    lists::every_filter_pages_like_the_model_both_ways;
    lists::a_foreign_cursor_is_refused;
    lists::an_export_streams_every_match_once;
    lists::a_number_finds_its_matter;
    lists::a_map_adds_up_settled_and_open_matters_under_any_filter;
    lists::figures_follow_what_changes;
    oversight::every_filter_of_the_three_systems_agrees_with_the_model;
    search::a_hit_is_a_substring_and_nothing_else;
    search::searching_again_after_a_change_finds_the_new_text_only;
    search::texts_that_grow_shrink_and_change_are_found_as_they_are_now;
    search::particulars_are_found_by_all_their_pairs;
    accounts::credentials_sessions_and_tokens_are_kept;
    accounts::the_access_log_reads_newest_first;
    accounts::views_are_their_owners_and_those_they_are_shared_with;
    files::an_upload_grows_only_at_its_offset;
    files::an_upload_goes_on_after_opening_again;
    files::the_same_file_twice_is_one_exhibit;
    files::names_cannot_leave_the_folder;
    files::sweeping_takes_what_nobody_cites;
    files::a_file_is_brought_only_as_what_its_digest_says;
    files::an_upload_that_was_given_up_takes_nothing_more;
    upkeep::a_snapshot_restores_into_either_engine;
    upkeep::a_restore_overwrites_nothing;
    upkeep::checks_find_what_is_wrong;
}

in_a_bucket! {
    files::an_upload_grows_only_at_its_offset;
    files::an_upload_goes_on_after_opening_again;
    files::the_same_file_twice_is_one_exhibit;
    files::sweeping_takes_what_nobody_cites;
    files::a_file_is_brought_only_as_what_its_digest_says;
    files::an_upload_that_was_given_up_takes_nothing_more;
    files::a_large_file_goes_in_parts;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_said_so_and_leaves_nothing_half_written() {
    lianzhi_testkit::run(place::Place::sqlite(), journal::a_full_disk).await;
}
