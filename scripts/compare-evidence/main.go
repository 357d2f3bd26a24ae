// Command compareevidence type-checks the packages of a build and prints every use of the identifiers it is asked for, as Go's own
// parser and type checker see them. It reads the identifiers from standard input; see the type query.
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// query names the identifiers: package-level names by package, whole packages by the beginning of their path, and methods by name.
type query struct {
	Packages map[string][]string `json:"packages"`
	Prefixes []string            `json:"prefixes"`
	Methods  map[string][]string `json:"methods"`
	// Standard says whether the standard library itself is compared.
	Standard bool `json:"standard"`
}

type listed struct {
	ImportPath string
	Dir        string
	Standard   bool
	GoFiles    []string
	Imports    []string
	ImportMap  map[string]string
}

// result is one package, as a line of JSON.
type result struct {
	ImportPath string `json:"importPath"`
	// Names holds the name of each imported package.
	Names map[string]string `json:"names"`
	Files []string          `json:"files"`
	Uses  []use             `json:"uses"`
	// Errors counts what the type checker complained of.
	Errors int `json:"errors"`
}

type use struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Package string `json:"package"`
	Name    string `json:"name"`
	Method  bool   `json:"method"`
}

type importer struct {
	packages map[string]*types.Package
	mapped   map[string]string
}

func (i *importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if mapped, ok := i.mapped[path]; ok {
		path = mapped
	}
	if found := i.packages[path]; found != nil {
		return found, nil
	}
	return nil, os.ErrNotExist
}

func main() {
	log.SetFlags(0)
	var asked query
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		log.Fatal(err)
	}
	wanted := map[string]bool{}
	for path, names := range asked.Packages {
		for _, name := range names {
			wanted[path+"."+name] = true
		}
	}
	methods := map[string]bool{}
	for name, paths := range asked.Methods {
		for _, path := range paths {
			methods[path+"."+name] = true
		}
	}
	list := exec.Command("go", append([]string{"list", "-e", "-deps", "-json=ImportPath,Dir,Standard,GoFiles,Imports,ImportMap"}, os.Args[1:]...)...)
	list.Env = append(os.Environ(), "CGO_ENABLED=0")
	list.Stderr = os.Stderr
	pipe, err := list.StdoutPipe()
	if err != nil {
		log.Fatal(err)
	}
	if err := list.Start(); err != nil {
		log.Fatal(err)
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	known := map[string]*types.Package{}
	decoder := json.NewDecoder(pipe)
	for {
		var each listed
		if err := decoder.Decode(&each); err == io.EOF {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		check(each, known, asked, wanted, methods, json.NewEncoder(out))
	}
}

// check type-checks one package, whose imports have been checked before it, as `go list -deps` orders them.
func check(each listed, known map[string]*types.Package, asked query, wanted, methods map[string]bool, out *json.Encoder) {
	files := token.NewFileSet()
	var parsed []*ast.File
	answer := result{ImportPath: each.ImportPath, Names: map[string]string{}, Files: []string{}, Uses: []use{}}
	for _, name := range each.GoFiles {
		path := filepath.Join(each.Dir, name)
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if file == nil {
			log.Print(err)
			continue
		}
		parsed = append(parsed, file)
		answer.Files = append(answer.Files, path)
	}
	compared := each.Standard == asked.Standard
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{
		Importer:                 &importer{known, each.ImportMap},
		Error:                    func(error) { answer.Errors++ },
		FakeImportC:              true,
		IgnoreFuncBodies:         !compared,
		DisableUnusedImportCheck: true,
		Sizes:                    types.SizesFor("gc", "amd64"),
	}
	checked, _ := config.Check(each.ImportPath, files, parsed, info)
	known[each.ImportPath] = checked
	if !compared {
		return
	}
	for _, path := range each.Imports {
		actual := path
		if mapped, ok := each.ImportMap[path]; ok {
			actual = mapped
		}
		if found := known[actual]; found != nil {
			answer.Names[path] = found.Name()
			answer.Names[strings.TrimPrefix(path, "vendor/")] = found.Name()
		}
	}
	for ident, object := range info.Uses {
		if object.Pkg() == nil || object.Pkg() == checked {
			continue
		}
		path := strings.TrimPrefix(object.Pkg().Path(), "vendor/")
		_, isMethod := object.(*types.Func)
		isMethod = isMethod && object.Type().(*types.Signature).Recv() != nil
		found := false
		switch {
		case isMethod:
			found = methods[path+"."+object.Name()]
		case object.Parent() == object.Pkg().Scope():
			found = wanted[path+"."+object.Name()]
			for _, prefix := range asked.Prefixes {
				found = found || path == prefix || strings.HasPrefix(path, prefix+"/")
			}
		}
		if found {
			// Line directives would name other files.
			place := files.PositionFor(ident.Pos(), false)
			answer.Uses = append(answer.Uses, use{place.Filename, place.Line - 1, path, object.Name(), isMethod})
		}
	}
	if err := out.Encode(answer); err != nil {
		log.Fatal(err)
	}
}
