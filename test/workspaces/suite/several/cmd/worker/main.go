// Worker needs nothing but the kernel.
package main

import "fmt"

func main() {
	fmt.Println("working")
}
