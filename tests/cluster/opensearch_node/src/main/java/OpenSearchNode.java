import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.index.reindex.ReindexPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.transport.Netty4Plugin;

/**
 * One OpenSearch node with its modules: {@code OpenSearchNode HOME}, which has {@code config/opensearch.yml}.
 *
 * <p>Unlike {@code org.opensearch.bootstrap.OpenSearch} it installs no security manager, runs no bootstrap checks and may run as
 * root. It closes when its standard input ends, so that it does not outlive the process that started it.
 */
public final class OpenSearchNode extends Node {
  private OpenSearchNode(Environment environment) {
    super(environment, modules(environment), true);
  }

  /** The modules of the class path; none where the home has a folder of them, as a distribution has. */
  private static List<Class<? extends Plugin>> modules(Environment environment) {
    return Files.isDirectory(environment.modulesFile())
        ? List.of()
        : List.of(Netty4Plugin.class, CommonAnalysisPlugin.class, ReindexPlugin.class, PainlessPlugin.class);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    Settings settings = Settings.builder().put(Environment.PATH_HOME_SETTING.getKey(), home).build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "node");
    OpenSearchNode node = new OpenSearchNode(environment);
    node.start();
    while (System.in.read() != -1) {
      continue;
    }
    node.close();
    System.exit(0); // some of its threads are not daemons
  }
}
