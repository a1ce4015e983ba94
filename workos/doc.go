// Package workos is a small client of the WorkOS MFA API, with the names of the
// official Go SDK.
//
// [Client] has one method per endpoint. Every call is bounded by its context and
// retried where that is safe: GET and DELETE, and POST with an Idempotency-Key,
// which the client makes up unless the caller gives one. A wrong code is a result:
// [Verification.Valid] is false. Everything else that goes wrong is an [*Error],
// which predicates such as [IsNotFound] tell apart.
//
// The package does not know whether the server is WorkOS: the transport may also
// lead to an engine in the same process.
package workos
