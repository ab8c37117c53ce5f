import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.index.mapper.MapperExtrasPlugin;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * A node of OpenSearch from its published jars, with settings given as name=value; values in square
 * brackets are lists. It stops when its standard input is closed, so that it never outlives a test.
 */
public final class TestNode extends Node {
    private TestNode(Settings settings) {
        super(
            InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node"),
            List.of(Netty4Plugin.class, CommonAnalysisPlugin.class, MapperExtrasPlugin.class),
            false);
    }

    public static void main(String[] arguments) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String argument : arguments) {
            String[] parts = argument.split("=", 2);
            if (parts[1].startsWith("[")) {
                String list = parts[1].substring(1, parts[1].length() - 1);
                settings.putList(parts[0], list.isEmpty() ? List.of() : Arrays.asList(list.split(",")));
            } else {
                settings.put(parts[0], parts[1]);
            }
        }
        TestNode node = new TestNode(settings.build());
        node.start();
        while (System.in.read() >= 0) {}
        node.close();
        System.exit(0);
    }
}
