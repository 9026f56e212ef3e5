//! The chart of the figures: how far each is from its goal, as SVG. Drawn by hand, because it is bars and words.

use std::fmt::Write;

use super::figures::{Figure, shown};

const WIDTH: f64 = 960.0;
/// Where names end and bars begin, and where the widest bar ends.
const BARS: f64 = 470.0;
const BARS_END: f64 = 780.0;
const ROW: f64 = 24.0;
/// The distance at the end of the widest bar: twice as bad as wanted.
const WIDEST: f64 = 2.0;

/// Draws groups of figures; those without a goal are left out.
pub(super) fn draw(groups: &[(String, Vec<Figure>)]) -> String {
    let mut body = String::new();
    let mut y = 58.0;
    for (title, figures) in groups {
        let with_goal: Vec<_> =
            figures.iter().filter_map(|figure| Some((figure, figure.distance()?))).collect();
        if with_goal.is_empty() {
            continue;
        }
        words(&mut body, 16.0, y + 16.0, "start", "group", title);
        y += ROW;
        for (figure, distance) in with_goal {
            row(&mut body, y, figure, distance);
            y += ROW;
        }
        y += ROW / 2.0;
    }
    let goal = BARS + (BARS_END - BARS) / WIDEST;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" role=\"img\" \
         aria-label=\"Figures of the benchmarks beside their goals\">\n{STYLE}\n\
         <rect width=\"{WIDTH}\" height=\"{y}\" class=\"paper\"/>\n"
    );
    words(&mut svg, 16.0, 26.0, "start", "title", "What was measured, by its goal");
    words(&mut svg, goal, 44.0, "middle", "small", "goal");
    words(&mut svg, BARS, 44.0, "start", "small", "better");
    words(&mut svg, BARS_END, 44.0, "end", "small", "twice as bad");
    svg.push_str(&body);
    let end = y - ROW / 2.0;
    let _ = writeln!(
        svg,
        "<line x1=\"{goal:.0}\" y1=\"50\" x2=\"{goal:.0}\" y2=\"{end:.0}\" class=\"goal\"/>"
    );
    svg.push_str("</svg>\n");
    svg
}

const STYLE: &str = "<style>text{font:13px system-ui,sans-serif;fill:#222}.title{font-size:16px;font-weight:600}\
.group{font-weight:600}.small{font-size:11px;fill:#666}.paper{fill:#fff}.met{fill:#2a7f62}.missed{fill:#c0392b}\
.goal{stroke:#222;stroke-dasharray:4 3}\
@media(prefers-color-scheme:dark){text{fill:#ddd}.small{fill:#999}.paper{fill:#161b22}.goal{stroke:#ddd}}</style>";

fn row(svg: &mut String, y: f64, figure: &Figure, distance: f64) {
    let length = (distance / WIDEST).clamp(0.005, 1.0) * (BARS_END - BARS);
    let class = if figure.is_met() { "met" } else { "missed" };
    words(svg, BARS - 10.0, y + 16.0, "end", "", &figure.name.replace('`', ""));
    let _ = writeln!(
        svg,
        "<rect x=\"{BARS}\" y=\"{:.0}\" width=\"{length:.1}\" height=\"{:.0}\" class=\"{class}\"/>",
        y + 4.0,
        ROW - 8.0
    );
    let said = match figure.ratio.filter(|_| figure.goal_in_words().contains('×')) {
        Some(ratio) => format!("{} × the limit", shown(ratio)),
        None => format!("{} {}", shown(figure.measured), figure.unit),
    };
    words(svg, BARS_END + 10.0, y + 16.0, "start", "", &said);
}

fn words(svg: &mut String, x: f64, y: f64, anchor: &str, class: &str, text: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let _ = writeln!(
        svg,
        "<text x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_for_each_goal_and_none_beyond_the_edge() {
        let figures = vec![
            Figure::at_most("a < b", "ms", 10.0, 5.0),
            Figure::at_most("far off", "ms", 10.0, 500.0),
        ];
        let svg = draw(&[("group".to_owned(), figures)]);
        assert!(svg.contains("a &lt; b") && svg.contains("500 ms"));
        assert!(svg.contains("width=\"77.5\"") && svg.contains("width=\"310.0\""));
        assert_eq!(svg.matches("class=\"met\"").count(), 1);
        assert_eq!(svg.matches("class=\"missed\"").count(), 1);
    }
}
