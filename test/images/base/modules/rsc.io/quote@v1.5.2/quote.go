// Package quote stands for the module of this name.
package quote

// Hello greets.
func Hello() string { return "hello" }
