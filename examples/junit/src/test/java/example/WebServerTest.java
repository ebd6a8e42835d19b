package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lodgevm.junit.Lodge;
import org.lodgevm.junit.TestMachine;

/** A server in a machine that all tests of this class share, reached from outside. */
@Lodge(publish = 80)
class WebServerTest {
    @BeforeAll
    static void startServer(TestMachine machine) throws Exception {
        machine.files().write("/tmp/index.html", "It works");
        machine.exec("httpd", "-h", "/tmp").orThrow();
    }

    private static HttpResponse<String> get(TestMachine machine, String path) throws Exception {
        URI address = URI.create("http://127.0.0.1:" + machine.port(80) + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void servesWhatIsThere(TestMachine machine) throws Exception {
        assertEquals("It works", get(machine, "/index.html").body());
    }

    @Test
    void saysWhatIsNotThere(TestMachine machine) throws Exception {
        assertEquals(404, get(machine, "/no-such-page").statusCode());
    }
}
