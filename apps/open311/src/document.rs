//! An answer of the interface as a tree, written once as XML and once as JSON. The specification derives its JSON from its XML
//! by a rule (the Spark convention: a list's items lose their element's name), so there is one tree for both.
use std::fmt::Write as _;

use serde_json::{Map, Value};

/// In which format an answer is wanted: what the address ends in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `.xml`, which every server must speak.
    Xml,
    /// `.json`.
    Json,
}

impl Format {
    /// From the ending of an address; what asks for neither gets XML.
    pub fn of(path: &str) -> Self {
        if path.ends_with(".json") { Self::Json } else { Self::Xml }
    }

    /// A file name without its format; none when it names none of the two.
    pub fn split(file: &str) -> Option<(&str, Self)> {
        let (stem, ending) = file.rsplit_once('.')?;
        match ending {
            "xml" => Some((stem, Self::Xml)),
            "json" => Some((stem, Self::Json)),
            _ => None,
        }
    }

    /// What the specification wants in the header.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Xml => "text/xml; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }
}

/// A part of an answer.
#[derive(Clone, PartialEq, Debug)]
pub enum Node {
    /// Known to be nothing: left out, as the specification lets a server do. Its published schemas know no `null`.
    Nothing,
    /// Words.
    Text(String),
    /// Degrees.
    Degrees(f64),
    /// A whole number.
    Whole(i64),
    /// Yes or no.
    Flag(bool),
    /// Named parts.
    Fields(Vec<(&'static str, Node)>),
    /// Parts of one kind, each in an element of this name.
    List(&'static str, Vec<Node>),
}

impl Node {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A text, or nothing.
    pub fn perhaps(text: Option<impl Into<String>>) -> Self {
        text.map(Into::into).filter(|text: &String| !text.is_empty()).map_or(Self::Nothing, Self::Text)
    }

    fn json(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Text(text) => Value::from(text.as_str()),
            Self::Degrees(degrees) => Value::from(*degrees),
            Self::Whole(number) => Value::from(*number),
            Self::Flag(flag) => Value::from(*flag),
            Self::Fields(fields) => {
                let there = fields.iter().filter(|(_, node)| *node != Self::Nothing);
                Value::Object(there.map(|(name, node)| ((*name).to_owned(), node.json())).collect::<Map<_, _>>())
            }
            Self::List(_, items) => Value::Array(items.iter().map(Self::json).collect()),
        }
    }

    fn xml(&self, name: &str, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        let leaf = match self {
            Self::Nothing => String::new(),
            Self::Text(text) => escaped(text),
            Self::Degrees(degrees) => degrees.to_string(),
            Self::Whole(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Fields(fields) => {
                let there = fields.iter().filter(|(_, node)| *node != Self::Nothing);
                return branch(name, there.map(|(name, node)| (*name, node)), depth, out);
            }
            Self::List(item, items) => return branch(name, items.iter().map(|node| (*item, node)), depth, out),
        };
        let _ = if leaf.is_empty() {
            writeln!(out, "{indent}<{name}/>")
        } else {
            writeln!(out, "{indent}<{name}>{leaf}</{name}>")
        };
    }
}

fn branch<'a>(name: &str, parts: impl Iterator<Item = (&'a str, &'a Node)>, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    let _ = writeln!(out, "{indent}<{name}>");
    for (part, node) in parts {
        node.xml(part, depth + 1, out);
    }
    let _ = writeln!(out, "{indent}</{name}>");
}

/// A text inside an element. What XML 1.0 has no way to say at all (most control characters) is left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(character),
            _ => {}
        }
    }
    out
}

/// A whole answer.
#[derive(Clone, PartialEq, Debug)]
pub struct Document {
    /// The XML's outermost element.
    pub root: &'static str,
    /// What is in it.
    pub body: Node,
}

impl Document {
    /// A list of equal things.
    pub fn list(root: &'static str, item: &'static str, items: Vec<Node>) -> Self {
        Self { root, body: Node::List(item, items) }
    }

    /// The bytes of the answer.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Json => self.body.json().to_string(),
            Format::Xml => {
                let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
                self.body.xml(self.root, 0, &mut out);
                out
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tree_is_the_xml_of_the_specification_and_its_json() {
        let service = Node::Fields(vec![
            ("service_code", Node::text("road")),
            ("service_name", Node::text("坑 <洼> & 沉陷")),
            ("metadata", Node::Flag(true)),
            ("group", Node::Nothing),
            ("lat", Node::Degrees(32.01)),
        ]);
        let services = Document::list("services", "service", vec![service]);
        assert_eq!(
            services.write(Format::Xml),
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<services>\n  <service>\n    <service_code>road</service_code>\n    \
             <service_name>坑 &lt;洼&gt; &amp; 沉陷</service_name>\n    <metadata>true</metadata>\n    \
             <lat>32.01</lat>\n  </service>\n</services>\n"
        );
        let json: Value = serde_json::from_str(&services.write(Format::Json)).expect("JSON");
        assert_eq!(json[0]["service_name"], "坑 <洼> & 沉陷");
        assert_eq!((&json[0]["metadata"], json[0].get("group")), (&Value::Bool(true), None));
    }

    #[test]
    fn what_xml_cannot_say_is_left_out_and_line_breaks_stay() {
        assert_eq!(escaped("a\u{0}b\u{8}c\u{fffe}\nd\r"), "abc\nd&#13;");
        assert_eq!(escaped("]]>"), "]]&gt;");
    }

    #[test]
    fn the_format_is_what_the_address_ends_in() {
        assert_eq!(Format::split("road.damage.xml"), Some(("road.damage", Format::Xml)));
        assert_eq!((Format::split("road"), Format::split("road.yaml")), (None, None));
    }
}
