//! The command that trees of codes are fed by, level by level.

use serde_json::{Value, json};

use super::ready;
use e2e::lsp_client::LspClient;

fn children(client: &mut LspClient, of: &Value) -> Value {
    let params = json!({"command": "medcode.server.children", "arguments": [of]});
    client.call("workspace/executeCommand", &params)
}

fn codes(children: &Value) -> Vec<&str> {
    children.as_array().unwrap().iter().filter_map(|child| child["code"].as_str()).collect()
}

#[test]
fn lead_from_the_systems_down_to_single_codes() {
    let Some(mut client) = ready() else { return };
    let systems = children(&mut client, &json!({}));
    let named: Vec<_> =
        systems.as_array().unwrap().iter().filter_map(|child| child["system"].as_str()).collect();
    assert!(named.contains(&"icd-10-cm") && named.contains(&"icd-10-pcs"), "{systems}");

    let chapters = children(&mut client, &json!({"system": "icd-10-cm"}));
    assert!(codes(&chapters).contains(&"chapter-04"), "{chapters}");
    let blocks = children(&mut client, &json!({"system": "icd-10-cm", "code": "chapter-04"}));
    assert!(codes(&blocks).contains(&"E08-E13"), "{blocks}");
    let complete = children(&mut client, &json!({"system": "icd-10-cm", "code": "S72.001"}));
    assert_eq!(
        complete[0],
        json!({
            "system": "icd-10-cm",
            "code": "S72.001A",
            "title": "Fracture of unspecified part of neck of right femur, initial encounter for closed fracture",
            "billable": true,
            "childCount": 0,
        })
    );
    assert_eq!(children(&mut client, &json!({"system": "icd-10-cm", "code": "E11.9"})), json!([]));
}

#[test]
fn of_what_is_not_there_are_an_error_and_no_trouble() {
    let Some(mut client) = ready() else { return };
    for (of, expected) in [
        (json!({"system": "icd-10-cm", "code": "Q99Z"}), "There is no such code."),
        (json!({"system": "nonsense"}), "wants a system"),
        (json!({"code": 3}), "wants a system"),
    ] {
        let params = json!({"command": "medcode.server.children", "arguments": [of]});
        let id = client.request("workspace/executeCommand", &params);
        let answer = client.response(id);
        let message = answer.body["error"]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(expected), "{message}");
    }
    let params = json!({"command": "medcode.server.status", "arguments": []});
    assert_eq!(client.call("workspace/executeCommand", &params)["health"], "ok");
}
