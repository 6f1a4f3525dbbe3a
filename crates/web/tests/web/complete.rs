//! Papers that can be printed because what they need is asked for; hearings by day; codes to pay by; refusals with their article.

use crate::cases::{decided, give, office, opened, signed_in};
use crate::lists::{attribute, get, html, post, texts};
use lianzhi_testkit::Place;
use reqwest::StatusCode;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_party_is_completed_by_form_and_a_fine_has_a_sheet_to_pay_by() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = decided(&web).await;
    let officer = signed_in(&web, "officer-a1").await;
    let page = get(&web, &officer, &format!("/matters/{id}")).await;
    let inputs = attribute(&page, "#do-describe form input", "name");
    for name in ["name", "id_number", "address", "representative", "phone"] {
        assert!(inputs.iter().any(|input| input == name), "{inputs:?}");
    }
    let party = [("party", "1"), ("address", "青浦区公园路 1 号")];
    give(&web, "officer-a1", id, "describe", &party, None).await;
    let path = format!("/matters/{id}/parties/1");
    let page = html(post(&web, &officer, &path, &[("why", "送达")]).await).await;
    let known = texts(&page, ".particulars dd");
    assert!(known.contains(&"青浦区公园路 1 号".to_owned()) && known.contains(&"张小三".to_owned()));
    // The code stands on a sheet of its own, without anybody's name.
    let page = get(&web, &officer, &format!("/matters/{id}?tab=money")).await;
    let sheet = attribute(&page, "a[href*='/pay/']", "href").pop().unwrap();
    let page = get(&web, &officer, &sheet).await;
    let code = texts(&page, "#code").pop().unwrap();
    assert!(code.trim().len() > 10 && code.trim().bytes().all(|b| b.is_ascii_digit()), "{code}");
    let words = texts(&page, "main").join("");
    assert!(words.contains("罚决字") && words.contains("2,000 元") && !words.contains("张小三"), "{words}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_offered_is_refused_by_its_article_and_hearings_have_a_page() {
    let place = Place::sqlite();
    let (_node, web) = office(&place).await;
    let id = opened(&web, "officer-a1").await;
    let officer = signed_in(&web, "officer-a1").await;
    let answer = post(&web, &officer, &format!("/matters/{id}/commands/finish"), &[("note", "终结")]).await;
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let words = texts(&html(answer).await, "[role=alert]").join("");
    assert!(words.contains("第四十二条"), "{words}");
    let legal = signed_in(&web, "legal").await;
    let page = get(&web, &legal, "/hearings").await;
    assert!(texts(&page, "main").join("").contains("没有要举行的听证"));
    assert!(attribute(&get(&web, &legal, "/desk").await, "a", "href").contains(&"/hearings".to_owned()));
}
