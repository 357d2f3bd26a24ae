// Package hello is what the scenarios download.
package hello

// Text greets.
func Text() string { return "hello anew" }
