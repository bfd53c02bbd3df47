//! Reading our own source: files, functions, and the SQL that is handed to the database.
use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use walkdir::WalkDir;

/// The workspace's root.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the workspace").to_path_buf()
}

/// One crate of ours.
pub struct Room {
    /// For example `registry`.
    pub name: String,
    /// `foundation`, `engines`, `apps` or `jianghai`.
    pub layer: String,
    /// Its folder.
    pub folder: PathBuf,
}

/// Every room of the house.
pub fn rooms() -> Vec<Room> {
    let root = root();
    let mut rooms = vec![Room { name: "jianghai".into(), layer: "jianghai".into(), folder: root.join("jianghai") }];
    for layer in ["foundation", "engines", "apps"] {
        for entry in std::fs::read_dir(root.join(layer)).expect("the layer's folder") {
            let folder = entry.expect("an entry").path();
            if folder.join("Cargo.toml").exists() {
                let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
                rooms.push(Room { name, layer: layer.into(), folder });
            }
        }
    }
    assert!(rooms.len() >= 10, "the rooms were not found below {}", root.display());
    rooms
}

/// Every Rust file below a room's `src`.
pub fn rust_files(folder: &Path) -> Vec<PathBuf> {
    WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "target" && entry.file_name() != "node_modules")
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect()
}

/// A file's path as people name it.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// One function.
pub struct Function {
    /// Its name.
    pub name: String,
    /// The line of its `fn`.
    pub line: usize,
    /// From signature to closing brace.
    pub lines: usize,
}

/// What a file contains that the rules are about.
#[derive(Default)]
pub struct Contents {
    /// Its functions, tests included.
    pub functions: Vec<Function>,
    /// String literals handed to `sqlx::query*`, with their line.
    pub statements: Vec<(usize, String)>,
    /// Calls of `sqlx::query*` whose statement is not a literal, with their line.
    pub dynamic: Vec<usize>,
    constants: std::collections::HashMap<String, String>,
}

/// Parses one file.
pub fn read(path: &Path) -> Contents {
    let text = std::fs::read_to_string(path).expect("a source file");
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{} does not parse: {error}", shown(path)));
    let mut constants = Constants::default();
    constants.visit_file(&file);
    let mut contents = Contents { constants: constants.0, ..Contents::default() };
    contents.visit_file(&file);
    contents
}

/// Every string literal of a file outside its tests, with its line.
pub fn literals(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path).expect("a source file");
    let file = syn::parse_file(&text).unwrap_or_else(|error| panic!("{} does not parse: {error}", shown(path)));
    let mut literals = Literals::default();
    literals.visit_file(&file);
    literals.0
}

#[derive(Default)]
struct Literals(Vec<(usize, String)>);

impl<'ast> Visit<'ast> for Literals {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.0.push((literal.span().start().line, literal.value()));
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }
}

/// Statements may be named: `const SEARCH: &str = "SELECT …"`.
#[derive(Default)]
struct Constants(std::collections::HashMap<String, String>);

impl<'ast> Visit<'ast> for Constants {
    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        if let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &*item.expr {
            self.0.insert(item.ident.to_string(), text.value());
        }
        visit::visit_item_const(self, item);
    }
}

impl Contents {
    fn function(&mut self, name: &syn::Ident, signature: Span, body: Span) {
        let (line, end) = (signature.start().line, body.end().line);
        self.functions.push(Function { name: name.to_string(), line, lines: end - line + 1 });
    }
}

impl<'ast> Visit<'ast> for Contents {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig.ident, item.sig.span(), item.block.span());
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig.ident, item.sig.span(), item.block.span());
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            let segments: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let last = segments.last().map(String::as_str).unwrap_or("");
            if segments.iter().any(|segment| segment == "sqlx")
                && matches!(last, "query" | "query_as" | "query_scalar" | "query_with" | "raw_sql")
            {
                let line = call.span().start().line;
                match call.args.first() {
                    Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. })) => {
                        self.statements.push((line, text.value()));
                    }
                    Some(syn::Expr::Path(name)) => {
                        let name = name.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
                        match self.constants.get(&name) {
                            Some(text) => self.statements.push((line, text.clone())),
                            None => self.dynamic.push(line),
                        }
                    }
                    Some(_) => self.dynamic.push(line),
                    None => {}
                }
            }
        }
        visit::visit_expr_call(self, call);
    }
}
