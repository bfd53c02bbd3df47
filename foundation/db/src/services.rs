//! What the binary registers for others to find by trait: `services.get::<dyn RowSource>()`.
//!
//! This is how a room below calls a room above without knowing it: the trait is declared below, implemented above,
//! and only the binary sees both.
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

type Shelf = HashMap<TypeId, Vec<Box<dyn Any + Send + Sync>>>;

/// A typed map of shared trait objects. Clones see the same map.
#[derive(Clone, Default)]
pub struct Services(Arc<RwLock<Shelf>>);

impl Services {
    /// Nothing registered.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one implementation: `services.register::<dyn Todo>(Arc::new(MyTodo))`.
    pub fn register<T: ?Sized + Send + Sync + 'static>(&self, service: Arc<T>) {
        // A panic while the lock was held cannot have left the map half-changed, so poison is no reason to stop.
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        shelf.entry(TypeId::of::<T>()).or_default().push(Box::new(service));
    }

    /// The implementation registered first, if any.
    pub fn get<T: ?Sized + Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.all::<T>().into_iter().next()
    }

    /// All implementations, in the order of registration.
    pub fn all<T: ?Sized + Send + Sync + 'static>(&self) -> Vec<Arc<T>> {
        let shelf = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let registered = shelf.get(&TypeId::of::<T>()).map(Vec::as_slice).unwrap_or_default();
        registered.iter().filter_map(|service| service.downcast_ref::<Arc<T>>().cloned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    trait Greets: Send + Sync {
        fn word(&self) -> &'static str;
    }
    struct Good;
    struct Better;
    impl Greets for Good {
        fn word(&self) -> &'static str {
            "good"
        }
    }
    impl Greets for Better {
        fn word(&self) -> &'static str {
            "better"
        }
    }

    #[test]
    fn all_of_a_trait_are_found_in_their_order_by_every_clone() {
        let services = Services::new();
        let clone = services.clone();
        services.register::<dyn Greets>(Arc::new(Good));
        services.register::<dyn Greets>(Arc::new(Better));
        let words: Vec<_> = clone.all::<dyn Greets>().iter().map(|one| one.word()).collect();
        assert_eq!(words, ["good", "better"]);
        assert_eq!(clone.get::<dyn Greets>().unwrap().word(), "good");
        assert!(clone.get::<Good>().is_none());
    }
}
