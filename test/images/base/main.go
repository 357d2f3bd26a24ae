// Command tools makes what the images under test need of their surroundings: certificates of a test authority, a file tree that
// the go command takes for a module proxy, a TLS server on the loopback address, and questions to servers of theirs.
package main

import (
	"archive/zip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	var err error
	switch command := os.Args[1]; command {
	case "certificates":
		err = certificates(os.Args[2])
	case "proxy":
		err = proxy(os.Args[2], os.Args[3])
	case "serve":
		err = serve(os.Args[2])
	case "ask":
		err = ask(os.Args[2])
	default:
		err = fmt.Errorf("unknown command %s", command)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// certificates writes an authority and a certificate of it for localhost.
func certificates(directory string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	authority := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: "Test authority"},
		NotBefore:             time.Now().Add(-24 * time.Hour),
		NotAfter:              time.Now().AddDate(10, 0, 0),
		KeyUsage:              x509.KeyUsageCertSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	authorityKey, err := write(directory, "ca", authority, authority, nil)
	if err != nil {
		return err
	}
	server := &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "localhost"},
		NotBefore:    authority.NotBefore,
		NotAfter:     authority.NotAfter,
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	_, err = write(directory, "server", server, authority, authorityKey)
	return err
}

// write makes a key and its certificate; one without a signer's key signs itself.
func write(directory, name string, certificate, signer *x509.Certificate, signerKey *ecdsa.PrivateKey) (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if signerKey == nil {
		signerKey = key
	}
	der, err := x509.CreateCertificate(rand.Reader, certificate, signer, key.Public(), signerKey)
	if err != nil {
		return nil, err
	}
	keyBytes, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return nil, err
	}
	for file, block := range map[string]*pem.Block{
		name + ".crt": {Type: "CERTIFICATE", Bytes: der},
		name + ".key": {Type: "EC PRIVATE KEY", Bytes: keyBytes},
	} {
		if err := os.WriteFile(filepath.Join(directory, file), pem.EncodeToMemory(block), 0o644); err != nil {
			return nil, err
		}
	}
	return key, nil
}

// proxy lays out the directories PATH@VERSION below source as a module proxy.
func proxy(source, target string) error {
	return filepath.Walk(source, func(path string, info os.FileInfo, err error) error {
		at := strings.LastIndex(path, "@")
		if err != nil || !info.IsDir() || at < 0 {
			return err
		}
		module, err := filepath.Rel(source, path[:at])
		if err != nil {
			return err
		}
		if err := publish(path, module, path[at+1:], filepath.Join(target, module, "@v")); err != nil {
			return err
		}
		return filepath.SkipDir
	})
}

func publish(directory, module, version, target string) error {
	if err := os.MkdirAll(target, 0o755); err != nil {
		return err
	}
	archive, err := os.Create(filepath.Join(target, version+".zip"))
	if err != nil {
		return err
	}
	files := zip.NewWriter(archive)
	err = filepath.Walk(directory, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(directory, path)
		if err != nil {
			return err
		}
		file, err := files.Create(module + "@" + version + "/" + filepath.ToSlash(name))
		if err != nil {
			return err
		}
		_, err = file.Write(content)
		return err
	})
	if err != nil {
		return err
	}
	if err := files.Close(); err != nil {
		return err
	}
	if err := archive.Close(); err != nil {
		return err
	}
	goMod, err := os.ReadFile(filepath.Join(directory, "go.mod"))
	if err != nil {
		return err
	}
	for file, content := range map[string]string{
		version + ".mod":  string(goMod),
		version + ".info": fmt.Sprintf(`{"Version":%q,"Time":"2026-01-01T00:00:00Z"}`, version),
	} {
		if err := os.WriteFile(filepath.Join(target, file), []byte(content), 0o644); err != nil {
			return err
		}
	}
	list, err := os.OpenFile(filepath.Join(target, "list"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer list.Close()
	_, err = fmt.Fprintln(list, version)
	return err
}

// serve answers over TLS, with the certificate for localhost, until the container is stopped.
func serve(directory string) error {
	answer := func(response http.ResponseWriter, _ *http.Request) { io.WriteString(response, "answered over TLS\n") }
	return http.ListenAndServeTLS(
		"127.0.0.1:443", filepath.Join(directory, "server.crt"), filepath.Join(directory, "server.key"), http.HandlerFunc(answer))
}

// ask tells what a server says that comes up on a port soon: by 127.0.0.1, and by another address of the same network.
func ask(port string) error {
	for _, each := range []struct{ name, address string }{{"inside", "127.0.0.1"}, {"outside", "127.0.0.2"}} {
		response, err := http.Get("http://" + each.address + ":" + port + "/")
		for tries := 0; err != nil && each.name == "inside" && tries < 100; tries++ {
			time.Sleep(100 * time.Millisecond)
			response, err = http.Get("http://" + each.address + ":" + port + "/")
		}
		if err != nil {
			fmt.Printf("%s: %v\n", each.name, err)
			continue
		}
		text, err := io.ReadAll(response.Body)
		if err != nil {
			return err
		}
		fmt.Printf("%s: %s\n", each.name, text)
	}
	return nil
}
